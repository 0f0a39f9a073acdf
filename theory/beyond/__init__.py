"""Beyond (H): patterns as linear maps, signs of recurrences, limit cycles (section 3.8)."""
