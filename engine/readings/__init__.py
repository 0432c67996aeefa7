"""One meaning, computed three ways: fire (one world, every firing kept), sweep (many worlds), prove (all worlds)."""
