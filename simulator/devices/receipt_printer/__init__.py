"""An ESC/POS receipt printer that is not there: what it prints becomes pictures, its faults are planned."""
