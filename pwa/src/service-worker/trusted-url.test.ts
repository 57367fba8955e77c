import { expect, it } from 'vitest'
import { trustedWorkerUrl, workerUrl } from './trusted-url.ts'

it('is plain text where there are no trusted types', () => {
  expect(trustedWorkerUrl(undefined)).toBe(workerUrl)
})

it('passes a policy that lets nothing else through', () => {
  let rules = { createScriptURL: (url: string) => url }
  const types = {
    createPolicy: (name: string, given: typeof rules) => {
      expect(name).toBe('wardline')
      rules = given
      return { createScriptURL: (url: string) => ({ trusted: given.createScriptURL(url) }) }
    },
  }
  expect(trustedWorkerUrl(types)).toEqual({ trusted: workerUrl })
  expect(() => rules.createScriptURL('/evil.js')).toThrow(TypeError)
})
