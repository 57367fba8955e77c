import { expect, it } from 'vitest'
import { networkOf } from './network.ts'

it('an IPv6 network is its first 64 bits, however the address is written', () => {
  for (const address of [
    '2001:db8:1:2::1',
    '2001:db8:1:2:ffff:1:2:3',
    '2001:0db8:0001:0002:0000:0000:0000:0001',
    '2001:DB8:1:2::1',
    '2001:db8:1:2:5::',
    '2001:db8:1:2::10.1.2.3',
    '2001:db8:1:2::1%eth0',
  ])
    expect([address, networkOf(address)]).toEqual([address, '2001:db8:1:2'])
  expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'))
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(networkOf('::1')).toBe('0:0:0:0')
})

it('an IPv4 address is a network of its own, also inside IPv6', () => {
  for (const address of ['10.7.7.7', '::ffff:10.7.7.7', '::ffff:0a07:0707', '::FFFF:a07:707'])
    expect(networkOf(address)).toBe('10.7.7.7')
})
