#!/usr/bin/env python3
"""layers.py BUILD: a layer cannot include headers that it must not see.

Takes the headers of each layer from the tree, so that a new one is covered at once.
"""
import sys

import compilation

# Target: the folders whose headers it may see, besides its own, once it links them.
MAY_SEE = {
    'wc_base': ['core/include'],
    'wc_decode': ['core/include'],
    'wc_tables': ['core/include', 'core/decode'],
    'wc_capture': ['core/include', 'core/decode'],
    'wc_kernel': ['core/include', 'core/decode', 'core/tables', 'core/capture'],
    'wc_core': ['core/include', 'core/decode', 'core/tables', 'core/capture',
                'core/capture/kernel'],
    'wc_encode': ['core/include', 'exporters/deliver'],
    'wc_deliver': ['core/include'],
    'wc_journal': ['core/include'],
    'wc_exporter': ['core/include', 'exporters/encode', 'exporters/journal', 'exporters/deliver'],
    'wc_control': ['core/include', 'exporters/encode', 'exporters/journal', 'exporters/deliver',
                   'exporters/exporter', 'exporters/config', 'exporters/http'],
    'wc_http': ['core/include', 'exporters/encode', 'exporters/journal', 'exporters/deliver',
                'exporters/exporter'],
    'wc_daemon': ['core/include', 'exporters/encode', 'exporters/journal', 'exporters/deliver',
                  'exporters/exporter', 'exporters/config', 'exporters/names',
                  'exporters/http', 'exporters/report', 'exporters/report/page'],
    'wc_report': ['core/include', 'exporters/encode', 'exporters/journal'],
    'wc_report_page': ['core/include', 'exporters/encode', 'exporters/journal',
                       'exporters/deliver', 'exporters/exporter', 'exporters/http',
                       'exporters/report'],
    'wc_commands': ['core/include', 'exporters/encode', 'exporters/journal', 'exporters/deliver',
                    'exporters/exporter', 'exporters/config', 'exporters/names',
                    'exporters/daemon', 'exporters/report', 'exporters/report/page', 'exporters/http'],
    'wc_names': ['core/include'],
    'wc_config': ['core/include', 'exporters/encode', 'exporters/deliver', 'exporters/names'],
    'wc_plugin': ['core/include'],
}
FOLDERS = ['core/include', 'core', 'core/decode', 'core/tables', 'core/capture',
           'core/capture/kernel',
           'exporters', 'exporters/encode', 'exporters/deliver', 'exporters/names',
           'exporters/config', 'exporters/journal', 'exporters/exporter', 'exporters/http',
           'exporters/daemon', 'exporters/commands', 'exporters/report',
           'exporters/report/page', 'plugin']


def headers(folder):
    """The names by which the headers of @folder are included."""
    if folder == 'core/include':
        return ['wirecensus/' + name for name in headers('core/include/wirecensus')]
    return sorted(path.name for path in (compilation.ROOT / folder).glob('*.h'))


def main():
    targets = compilation.targets(sys.argv[1])
    tried = wrong = 0
    for name, seen in MAY_SEE.items():
        for folder in FOLDERS:
            if name not in targets or folder == targets[name].folder:
                continue
            for header in headers(folder):
                tried += 1
                found = targets[name].finds(header, folder)
                if found and folder not in seen:
                    print('%s must not include %s of %s' % (name, header, folder))
                    wrong += 1
                # The control: public headers are to be seen by all.
                elif not found and folder == 'core/include':
                    print('%s cannot include %s' % (name, header))
                    wrong += 1
    print('%d includes tried, %d wrong' % (tried, wrong))
    sys.exit(1 if wrong or not tried else 0)


if __name__ == '__main__':
    main()
