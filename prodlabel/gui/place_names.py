"""What the four places of the window are called; their widgets are made with a project, in `places`."""

MAP, REVIEW, TRAINING, REPORT = "map", "review", "training", "report"
PLACES = (MAP, REVIEW, TRAINING, REPORT)
