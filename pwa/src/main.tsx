// First: the disk is read while everything else is made ready.
import './app/early.ts'
import { StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { StartPorts } from './app/start-ports.ts'

const root = document.getElementById('root')
if (root !== null) {
  const ports = new StartPorts()
  const draw = (): void =>
    // In one go, so that it is on the screen before anything else is made ready.
    flushSync(() =>
      createRoot(root).render(
        <StrictMode>
          <App ports={ports} />
        </StrictMode>,
      ),
    )
  void ports.start(draw)
}
