import { expect, test } from 'vitest';
import { linkObjection } from '../../src/core/webAddress.ts';

test.each([
  'https://city.example/plan',
  'http://city.example',
  'HTTPS://CITY.EXAMPLE/A?b=c.d#e',
  'https://münchen.example/plan',
  'https://my_city.example:8443/plan',
  'https://ana:secret@city.example/plan',
  'https://192.0.2.7/plan',
  'https://[2001:db8::7]/plan',
  'https://city.example/a b',
])('%s arrives', (address) => {
  expect(linkObjection(address)).toBeNull();
});

test.each([
  ['https://intranet/plan', 'intranet'],
  ['http://localhost:3000/', 'localhost'],
  ['https://ana.b@intranet/plan.pdf', 'intranet'],
  ['https://intranet?plan.pdf', 'intranet'],
  ['https://intranet#a.b', 'intranet'],
  ['http://2130706433/', '2130706433'],
])('%s is refused for its host', (address, host) => {
  expect(linkObjection(address)).toMatch(new RegExp(`^leads to "${host}", a name without a dot.*Write an address`));
});

test.each([
  ...['', ' ', 'city.example', '//city.example', 'ftp://city.example', 'mailto:a@city.example', 'tg://user?id=1'],
  ...['https:city.example', 'https:\\\\city.example', 'https://', 'https:///city.example', 'https://city.example:0/'],
  ...['https://city.example:99999/', 'https://ci{ty.example/', 'javascript:alert(1)//a.b'],
])('%j is not an address', (address) => {
  expect(linkObjection(address)).toBe('must be an address that begins with https://');
});
