// `npm run draw`: puts the picture of the imports into docs/architecture.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { arrows } from './arrows.mjs'
import { readImports } from './imports.mjs'
import { pictureOf, withPicture } from './picture.mjs'

const root = join(import.meta.dirname, '../..')
const path = join(root, 'docs/architecture.md')
const page = readFileSync(path, 'utf8')
writeFileSync(path, withPicture(page, pictureOf(readImports(root), arrows)))
