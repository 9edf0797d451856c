from tests.experiments.conftest import engine_url, own_desk
from tests.postbox import postbox

__all__ = ["engine_url", "own_desk", "postbox"]
