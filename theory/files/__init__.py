"""Files in and out: JSON, tables and arrays; outputs written whole or not at all."""
