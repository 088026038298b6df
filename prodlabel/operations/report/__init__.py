"""The feasibility report: one self-contained HTML page, verdict first, then the evidence for it."""

from prodlabel.operations.report.claims import Claim, load_claims, save_claims
from prodlabel.operations.report.making import ReportSettings, ReportSummary, make_report

__all__ = ["Claim", "ReportSettings", "ReportSummary", "load_claims", "make_report", "save_claims"]
