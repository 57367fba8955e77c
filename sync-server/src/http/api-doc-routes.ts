import { Router } from 'express'
export const apiDocRoutes = (): Router => Router()
