import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Peer, peerOf } from './peer.ts'

const see = (headers: Record<string, string>, proxies = 0, remote = '10.0.0.9'): Peer => {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remote })
  const request = new IncomingMessage(socket)
  Object.assign(request.headers, headers)
  return peerOf(request, proxies)
}
const forwarded = {
  host: 'Chat.example:443',
  'x-forwarded-for': '1.1.1.1, 2.2.2.2',
  'x-forwarded-proto': 'https',
}

describe('peerOf', () => {
  it('believes no proxy unless told', () => {
    expect(see(forwarded)).toEqual({
      address: '10.0.0.9',
      secure: false,
      ownOrigin: 'http://chat.example:443',
    })
  })

  it('believes as many proxies as told', () => {
    expect(see(forwarded, 1)).toEqual({
      address: '2.2.2.2',
      secure: true,
      ownOrigin: 'https://chat.example',
    })
    expect(see(forwarded, 2).address).toBe('1.1.1.1')
    expect(see(forwarded, 3).address).toBe('1.1.1.1')
    expect(see({ 'x-forwarded-for': 'nonsense' }, 1).address).toBe('10.0.0.9')
    expect(see({ 'x-forwarded-for': '::1' }, 1).address).toBe('::1')
  })

  it('takes an IPv4 address for itself', () => {
    expect(see({}, 0, '::ffff:127.0.0.1').address).toBe('127.0.0.1')
  })

  it.each(['', 'a b', 'user@host', 'host/path', 'host:99999'])('has no origin for %j', (host) => {
    expect(see({ host }).ownOrigin).toBeUndefined()
  })
})
