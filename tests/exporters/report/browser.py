#!/usr/bin/env python3
"""browser.py REPORT_SERVER: the report page in a headless Chromium, and how long an answer takes."""
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import unittest

SYSTEM_PYTHON = '/usr/bin/python3'  # for which Debian's selenium is installed

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    if os.path.realpath(sys.executable) != os.path.realpath(SYSTEM_PYTHON):
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON] + sys.argv)
    print('python3-selenium is not installed')
    sys.exit(77)

SERVER = sys.argv.pop(1)
PATIENCE = 120  # s; a page is there in a hundredth of a second
HOSTILE = 30    # names in office.c
FULL = ('60000', '65536', '65536')
DAY = 86400


def free_port():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        return taken.getsockname()[1]


class Server:
    """An office's report; an interval ends every second."""

    def __init__(self, *size):
        self.port = free_port()
        self.process = subprocess.Popen([SERVER, str(self.port), *size], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == 'ready\n'

    def url(self, path='/'):
        return 'http://127.0.0.1:%d%s' % (self.port, path)

    def get(self, path):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        connection.request('GET', path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def close(self):
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        assert code == 0, code


def browser(scripts=True):
    options = webdriver.ChromeOptions()
    for argument in ('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
                     '--hide-scrollbars'):
        options.add_argument(argument)
    if not scripts:
        options.add_experimental_option('prefs', {
            'profile.managed_default_content_settings.javascript': 2})
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    options.binary_location = '/usr/bin/chromium'
    service = webdriver.chrome.service.Service('/usr/bin/chromedriver')
    return webdriver.Chrome(options=options, service=service)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.driver = browser()

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.server.close()

    def open(self, path='/?span=hour', width=1280, refresh=DAY):
        """Shows a page that stays as it is for so long, however slow the machine."""
        self.driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
            'width': width, 'height': 900, 'deviceScaleFactor': 1, 'mobile': width < 500})
        self.driver.get(self.server.url(path))
        self.driver.execute_script(
            'document.querySelector("main").dataset.refresh = arguments[0];'
            'document.dispatchEvent(new Event("visibilitychange"))', refresh)

    def until(self, condition):
        return WebDriverWait(self.driver, PATIENCE, 0.1).until(condition)

    def texts(self, selector):
        """What is written in the elements, as the document has it."""
        return self.driver.execute_script(
            'return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)', selector)

    def column(self, section, number):
        return self.texts('#%s tbody tr:not(.other) > :nth-child(%d)' % (section, number))

    def click(self, selector):
        self.driver.execute_script('document.querySelector(arguments[0]).click()', selector)

    def test_renders(self):
        for span in ('now', 'hour', 'day', 'week'):
            self.open('/?span=' + span)
            self.assertEqual(self.texts('h1'), ['gate.office.example'])
            self.assertEqual(self.texts('nav [aria-current]'), ['wan', span])
            self.assertEqual(self.texts('main h2')[-9:], [
                'Traffic over time', 'Ports', 'Conversations', 'Hosts by network',
                'Hosts by domain', 'Hosts', 'Other IP protocols', 'Scanners', 'Totals'])
            points = len(self.driver.find_elements(By.CSS_SELECTOR, '.plot g'))
            self.assertEqual(points, {'now': 60, 'hour': 60, 'day': 96, 'week': 168}[span])
            self.assertEqual(len(self.texts('#traffic tbody tr')), points)
        # Nothing was refused by the policy, and no script failed.
        self.assertEqual([line for line in self.driver.get_log('browser')], [])

    def test_widths(self):
        for width in (360, 768, 1280):
            for scheme in ('light', 'dark'):
                self.driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {
                    'features': [{'name': 'prefers-color-scheme', 'value': scheme}]})
                self.open('/', width)
                self.assertEqual(self.driver.execute_script(
                    'return document.documentElement.scrollWidth'), width)
                paper = self.driver.execute_script(
                    'return getComputedStyle(document.body).backgroundColor')
                dark = sum(map(int, re.findall(r'\d+', paper))) < 3 * 128
                self.assertEqual(dark, scheme == 'dark', paper)

    def test_tables_say_what_they_are(self):
        self.open()
        self.click('details summary')
        for table in self.driver.find_elements(By.TAG_NAME, 'table'):
            self.assertTrue(table.find_element(By.TAG_NAME, 'caption').get_attribute('textContent'))
            for head in table.find_elements(By.CSS_SELECTOR, 'thead th'):
                self.assertEqual(head.get_attribute('scope'), 'col')
            for row in table.find_elements(By.CSS_SELECTOR, 'tbody tr'):
                self.assertEqual(row.find_element(By.TAG_NAME, 'th').get_attribute('scope'), 'row')
        for box in self.driver.find_elements(By.CLASS_NAME, 'scroll'):
            self.assertEqual(box.get_attribute('tabindex'), '0')
            self.assertTrue(box.get_attribute('aria-label'))

    def test_sorts(self):
        self.open()
        ports = self.column('ports', 1)
        self.click('#ports thead th:nth-child(1) button')
        self.assertEqual(self.column('ports', 1), sorted(ports, key=int, reverse=True))
        self.click('#ports thead th:nth-child(1) button')
        self.assertEqual(self.column('ports', 1), sorted(ports, key=int))
        heads = self.driver.execute_script(
            'return [...document.querySelectorAll("#ports thead th")].map((e) => e.ariaSort)')
        self.assertEqual(heads, ['ascending'] + [None] * (len(heads) - 1))
        # By value, not by what is shown: kB is less than MB. The remainder stays last.
        self.click('#conversations thead th:nth-child(7) button')
        values = self.driver.execute_script(
            'return [...document.querySelectorAll("#conversations tbody tr:not(.other) '
            'td:nth-child(7)")].map((e) => Number(e.dataset.value))')
        self.assertEqual(values, sorted(values, reverse=True))
        self.assertEqual(self.texts('#conversations tbody tr:last-child th'), ['other'])

    def test_sorts_by_keyboard(self):
        self.open()
        button = self.driver.find_element(By.CSS_SELECTOR, '#ports thead th:nth-child(6) button')
        button.send_keys('\n')
        self.assertEqual(self.driver.find_element(By.CSS_SELECTOR, '#ports thead th:nth-child(6)')
                         .get_attribute('aria-sort'), 'descending')

    def test_filters(self):
        self.open()
        before = len(self.texts('tbody tr'))
        self.driver.find_element(By.CSS_SELECTOR, '.tools input').send_keys('445 LOCAL')
        shown = self.texts('tbody tr:not([hidden])')
        self.assertTrue(0 < len(shown) < before)
        for row in shown:
            self.assertIn('445', row)
            self.assertIn('local', row)

    def test_refreshes(self):
        """It is brought up to date, and the reader finds everything as it was."""
        self.open('/?span=now', refresh=1)
        self.click('#ports thead th:nth-child(1) button')
        self.click('details summary')
        self.driver.find_element(By.CSS_SELECTOR, '.tools input').send_keys('tcp')
        ended = self.texts('.when time')[1]
        self.until(lambda driver: self.texts('.when time')[1] != ended)
        self.assertEqual(self.driver.execute_script(
            'return document.querySelector("#ports thead th").ariaSort'), 'descending')
        self.assertTrue(self.driver.execute_script('return document.querySelector("details").open'))
        self.assertEqual(self.driver.execute_script(
            'return [document.activeElement.type, document.activeElement.value]'), ['search', 'tcp'])
        for row in self.texts('tbody tr:not([hidden])'):
            self.assertIn('tcp', row.lower())

    def test_hostile_names_stay_text(self):
        for scripts in (True, False):
            with self.subTest(scripts=scripts):
                driver = self.driver if scripts else browser(scripts=False)
                try:
                    driver.get(self.server.url('/?span=day'))
                    self.assertEqual(driver.title, 'gate.office.example: traffic, day')
                    # What the page is made of is known; strangers add no element and no attribute.
                    source = driver.page_source
                    for tag in ('iframe', 'img', 'base', 'textarea', 'plaintext', 'style', 'h3'):
                        self.assertEqual(len(driver.find_elements(By.TAG_NAME, tag)), 0, tag)
                    self.assertEqual(len(driver.find_elements(By.TAG_NAME, 'script')), 1)
                    self.assertEqual(len(driver.find_elements(By.TAG_NAME, 'h1')), 1)
                    self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, '[onload], [onerror], '
                                                              '[onmouseover], [style]')), 0)
                    self.assertNotIn('\x1b', source)
                    self.assertNotIn('\u202e', source)
                    names = {element.get_attribute('textContent') for element in
                             driver.find_elements(By.CSS_SELECTOR, '#conversations tbody th small')}
                    self.assertIn("<script>document.title='owned'</script>.example", names)
                    self.assertIn('&lt;b&gt;.example', names)
                    self.assertIn('a\\x0ab.example', names)
                    # All of them, some of which a browser would have made shorter.
                    clients = driver.find_elements(By.CSS_SELECTOR, '#conversations tbody th bdi:first-child')
                    shown = {element.get_attribute('textContent') for element in clients}
                    self.assertLessEqual({'10.1.0.%d' % i for i in range(1, HOSTILE + 1)}, shown)
                    self.assertEqual(len(names), HOSTILE)
                finally:
                    if not scripts:
                        driver.quit()

    def test_without_script(self):
        driver = browser(scripts=False)
        try:
            driver.get(self.server.url('/?span=day'))
            self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, '.plot g')), 96)
            self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, 'thead button')), 0)
            driver.find_element(By.LINK_TEXT, 'week').click()
            self.assertIn('span=week', driver.current_url)
            driver.find_element(By.CSS_SELECTOR, 'details summary').click()
            self.assertTrue(driver.find_element(By.CSS_SELECTOR, '#traffic tbody th').is_displayed())
        finally:
            driver.quit()

    def test_other_capture(self):
        self.open()
        self.driver.find_element(By.LINK_TEXT, '"<i>lan</i>&').click()
        self.assertEqual(self.texts('nav [aria-current]')[0], '"<i>lan</i>&')
        self.assertEqual(self.texts('main .none'), ['nothing is known of this time'])

    def test_json_links(self):
        self.open()
        links = self.driver.execute_script(
            'return [...document.querySelectorAll("a.json")].map((e) => e.getAttribute("href"))')
        self.assertEqual(len(links), 9)
        for link in links:
            answer, body = self.server.get(link)
            self.assertEqual(answer.getheader('Content-Type'), 'application/json')
            table = json.loads(body)
            name = re.match(r'/api/(\w+)\.json', link).group(1)
            self.assertEqual((table['schema'], table['capture']), (1, 'wan'))
            self.assertTrue(table[name], link)

    def test_json_is_the_table(self):
        """All rows of a span add up to its totals."""
        for span in ('now', 'hour', 'day', 'week'):
            report = json.loads(self.server.get('/api/report.json?span=%s&capture=wan' % span)[1])
            everything = report['totals'][0]
            ports = sum(row['bytes'] for row in report['ports'])
            protocols = sum(row['bytes'] for row in report['protocols'])
            self.assertEqual(ports + protocols, everything['bytes'])
            self.assertEqual(sum(row['bytes'] for row in report['networks']),
                             sum(row['bytes'] for row in report['domains']))

    def test_wrong_questions(self):
        for path, status in (('/?span=year', 400), ('/?capture=none', 404), ('/api/x.json', 404)):
            self.assertEqual(self.server.get(path)[0].status, status)


class Speed(unittest.TestCase):
    def test_full_tables(self):
        """Printed, not judged: another machine has another clock."""
        server = Server(*FULL)
        try:
            for path in ('/?span=now', '/?span=hour', '/?span=week', '/api/ports.json?span=now'):
                times = []
                for _ in range(9):
                    begin = time.monotonic()
                    answer, body = server.get(path)
                    times.append(time.monotonic() - begin)
                    self.assertEqual(answer.status, 200)
                    time.sleep(0.4)
                print('%s: median %.1f ms, longest %.1f ms, %d bytes' % (
                    path, statistics.median(times) * 1e3, max(times) * 1e3, len(body)))
        finally:
            server.close()


if __name__ == '__main__':
    unittest.main()
