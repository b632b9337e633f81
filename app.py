"""The dashboard: streamlit run app.py."""

from estimator.dashboard.main import main

main()
