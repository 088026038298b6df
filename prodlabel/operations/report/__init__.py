"""The feasibility report: one self-contained HTML page, verdict first, then the evidence for it."""

from prodlabel.operations.report.making import ReportSettings, ReportSummary, make_report

__all__ = ["ReportSettings", "ReportSummary", "make_report"]
