#!/usr/bin/env bash
# Built with the harness.
