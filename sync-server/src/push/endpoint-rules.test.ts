import { describe, expect, it } from 'vitest'
import { isPublicAddress, mayPushTo, publicLookup } from './endpoint-rules.ts'

const services = [
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QGuQ',
  'https://wns2-par02p.notify.windows.com/w/?token=BQY',
  'https://[2606:4700::1111]/x',
  'https://93.184.216.34/x',
]
const never = [
  '',
  'push.example.com/x',
  'ftp://push.example.com/x',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:secret@push.example.com/x',
  'https://user@push.example.com/x',
  'https://push.example.com/x#y',
  `https://push.example.com/${'x'.repeat(2048)}`,
  'http://push.example.com/x',
  'http://127.0.0.1.push.example.com/x',
]
const privateOnes = [
  'https://localhost/x',
  'https://LOCALHOST./x',
  'https://a.localhost/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f000001/x',
  'https://0/x',
  'https://10.1.2.3/x',
  'https://172.16.0.1/x',
  'https://192.168.0.1/x',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/x',
  'https://[::1]/x',
  'https://[::]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://[::ffff:a00:1]/x',
  'https://[64:ff9b::a00:1]/x',
  'https://[2002:a00:1::]/x',
  'https://[fc00::1]/x',
  'https://[fe80::1]/x',
  'https://[ff02::1]/x',
  'https://intranet/x',
  'https://printer.local/x',
  'https://db.internal./x',
  'https://nas.home.arpa/x',
  'https://push.example.com:8443/x',
  'https://push.example.com:22/x',
  'http://127.0.0.1/x',
  'http://localhost:9999/x',
]

describe('where notifications may be sent', () => {
  it.each(services)('%s, anywhere', (endpoint) => {
    expect(mayPushTo(endpoint, true)).toBe(true)
    expect(mayPushTo(endpoint, false)).toBe(true)
  })

  it.each(never)('%s, nowhere', (endpoint) => {
    expect(mayPushTo(endpoint, true)).toBe(false)
    expect(mayPushTo(endpoint, false)).toBe(false)
  })

  it.each(privateOnes)('%s, not in production', (endpoint) => {
    expect(mayPushTo(endpoint, true)).toBe(false)
  })

  it('no address longer than browsers have', () => {
    const [service = ''] = services
    const long = (length: number) => service.padEnd(length, 'x')
    expect(mayPushTo(long(2_048), true)).toBe(true)
    expect(mayPushTo(long(2_049), true)).toBe(false)
  })

  it('plain http to this very machine, where nothing is at stake', () => {
    expect(mayPushTo('http://127.0.0.1:4321/push/x', false)).toBe(true)
    expect(mayPushTo('http://localhost:4321/push/x', false)).toBe(true)
    expect(mayPushTo('http://192.168.0.1/push/x', false)).toBe(false)
  })
})

it('knows public addresses', () => {
  expect(['8.8.8.8', '172.32.0.1', '2a00:1450:4001::5'].map(isPublicAddress)).toEqual([
    true,
    true,
    true,
  ])
  const others = ['', 'x', '255.255.255.255', '224.0.0.1', '198.18.0.1', '2001:db8::1', '2001::1']
  expect(others.filter(isPublicAddress)).toEqual([])
})

it('connects to no name that stands for this machine', async () => {
  const error = await new Promise((resolve) => {
    publicLookup('localhost', {}, (problem) => resolve(problem))
  })
  expect(error).toMatchObject({ message: 'no public address' })
})
