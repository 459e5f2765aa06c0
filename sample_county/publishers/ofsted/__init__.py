"""Ofsted's management information."""
