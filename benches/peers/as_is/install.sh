#!/usr/bin/env bash
# Nothing to install: what comes in goes out.
