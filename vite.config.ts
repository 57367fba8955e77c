import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// One configuration for the build of the PWA and for every Vitest project.
// `wardline-source` makes workspace imports resolve to the TypeScript sources.
const conditions = ['wardline-source', 'module', 'browser', 'development|production']
const nodeConditions = ['wardline-source', 'module', 'node', 'development|production']

export default defineConfig({
  root: 'pwa',
  plugins: [react()],
  resolve: { conditions, dedupe: ['yjs', 'lib0'] },
  build: { outDir: 'dist', emptyOutDir: true },
  ssr: { resolve: { conditions: nodeConditions } },
  test: {
    projects: [
      {
        root: import.meta.dirname,
        resolve: { conditions: nodeConditions },
        ssr: { resolve: { conditions: nodeConditions } },
        test: {
          name: 'unit',
          include: ['{core,sync-server,pwa}/src/**/*.test.{ts,tsx}'],
        },
      },
      {
        root: import.meta.dirname,
        resolve: { conditions: nodeConditions },
        ssr: { resolve: { conditions: nodeConditions } },
        test: {
          name: 'system',
          include: ['tests/{integration,fuzz,chaos}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
