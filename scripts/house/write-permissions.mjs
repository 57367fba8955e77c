/** Writes docs/permissions.md from the compiled server. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const { permissionsPage } = await import(join(root, 'sync-server/dist/permissions/page.js'))
writeFileSync(join(root, 'docs/permissions.md'), permissionsPage())
