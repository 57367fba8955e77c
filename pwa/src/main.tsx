import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { Device } from './app/device.ts'

const root = document.getElementById('root')
if (root !== null) {
  const device = new Device()
  createRoot(root).render(
    <StrictMode>
      <App ports={device} />
    </StrictMode>,
  )
  void device.start()
}
