import { expect, it } from 'vitest'
import { csvCell } from './csv-cell.ts'

it('a cell is quoted where it has to be, and runs as no formula', () => {
  expect(csvCell('Kim Novak')).toBe('Kim Novak')
  expect(csvCell('Novak, "Kim"')).toBe('"Novak, ""Kim"""')
  expect(csvCell('=HYPERLINK("http://evil.example","Kim")')).toBe(
    `"'=HYPERLINK(""http://evil.example"",""Kim"")"`,
  )
  for (const begin of ['+', '-', '@', '\t']) expect(csvCell(`${begin}1`)).toBe(`'${begin}1`)
})
