// `npm run exports`: puts the modules that others use into the exports of core.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportsOf, readUses } from './exports.mjs'

const root = join(import.meta.dirname, '../..')
const path = join(root, 'core/package.json')
const description = JSON.parse(readFileSync(path, 'utf8'))
description.exports = exportsOf([...readUses(root).keys()])
writeFileSync(path, `${JSON.stringify(description, null, 2)}\n`)
