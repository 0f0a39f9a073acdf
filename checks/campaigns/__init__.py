"""Campaigns: claims held against many configurations, by many processes, and kept in a store."""
