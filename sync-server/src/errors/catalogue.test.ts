import { expect, it } from 'vitest'
import { errorCatalogue, errorCodes } from './catalogue.ts'

it('says for every code what it means and what to do', () => {
  for (const code of errorCodes) {
    const { status, meaning, action } = errorCatalogue[code]
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    for (const text of [meaning, action]) expect(text).toMatch(/^[A-Z][^|]+\.$/)
  }
})
