/**
 * Addresses that say what they mean: percent-encoded UTF-8. What reads a query puts signs for
 * "unreadable" in the place of anything else, and the search would be for what nobody asked.
 */
import type { RequestHandler } from 'express'
import { sendFailure } from './failures.ts'

export const plainAddress: RequestHandler = (request, response, next) => {
  if (isPlain(request.originalUrl)) next()
  else sendFailure(response, { code: 'bad-request' })
}

const isPlain = (address: string): boolean => {
  if (!/^[\x21-\x7e]*$/.test(address)) return false
  try {
    decodeURIComponent(address)
    return true
  } catch {
    return false
  }
}
