from tests.postbox import postbox

__all__ = ["postbox"]
