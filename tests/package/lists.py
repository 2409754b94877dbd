#!/usr/bin/env python3
"""The packages that the program is built with are the same in setup and in debian/control."""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
# Of setup alone: what every Debian machine that builds packages has. Of control alone: what makes packages.
COMMON = {'build-essential'}
PACKAGING = {'debhelper-compat', 'dh-sequence-installsysusers'}


def read(name):
    with open(os.path.join(ROOT, name)) as file:
        return file.read()


def setup_list(name):
    """The words of an array of the script."""
    found = re.findall(r'^%s\+?=\(([^)]*)\)' % name, read('setup'), re.M)
    return {word for words in found for word in words.split()}


def control_list():
    """Package -> whether only tests need it."""
    field = re.search(r'^Build-Depends:(.*?)^\S', read('debian/control'), re.M | re.S)[1]
    return {entry.split()[0]: '<!nocheck>' in entry for entry in field.split(',') if entry.strip()}


def main():
    listed = control_list()
    build = {name for name, tests_only in listed.items() if not tests_only} - PACKAGING
    wanted = setup_list('BUILD') - COMMON
    if build != wanted:
        sys.exit('to build: only in debian/control: %s; only in setup: %s'
                 % (sorted(build - wanted), sorted(wanted - build)))
    known = setup_list('BUILD') | setup_list('TESTS') | setup_list('CHECKS')
    unknown = {name for name, tests_only in listed.items() if tests_only} - known
    if unknown:
        sys.exit('for tests: only in debian/control: %s' % sorted(unknown))


if __name__ == '__main__':
    main()
