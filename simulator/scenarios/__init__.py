"""Scenario files: plans as data that a tester reads and writes (docs/simulator.md, docs/decisions/0012-scenario-files.md)."""

from simulator.scenarios.errors import ScenarioError as ScenarioError
from simulator.scenarios.reading import Scenario as Scenario
from simulator.scenarios.reading import load as load
from simulator.scenarios.reading import load_scenario as load_scenario
from simulator.scenarios.reading import parse as parse
from simulator.scenarios.writing import dump as dump
