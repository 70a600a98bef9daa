"""The accidents that really happened, each as a run: the same mechanism, with our guards and without the one that stops it.

``registry.INCIDENTS`` lists them, ``assessing`` holds both columns, ``story`` tells one, ``honnin sim incident`` shows them.
Source of all: the project's reference, service-and-incidents.md section 2.
"""
