"""The gates between a bundle and the tray, each check taken away in turn, against a battery of wrong bundles, sheets and jobs."""
