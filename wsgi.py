"""`python wsgi.py` serves the desk; any WSGI server may import `app` from here; `flask` finds it by itself."""

from app.server import main, make_app

if __name__ == "__main__":
    main()
else:
    app = make_app()
