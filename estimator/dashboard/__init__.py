"""The decision in a browser: parse, call, render. No arithmetic; start it with `streamlit run app.py`."""
