#!/bin/sh
echo portal of "$(hostname)"
