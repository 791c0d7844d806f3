"""A skin simulator: real faces, on which each attribute is painted at a chosen severity.

Nobody can publish the photos that dermatologists graded, so the graders learn from faces whose
signs were painted by rule and whose grades, severities and places are therefore known exactly.
"""
