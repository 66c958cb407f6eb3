import { type OpenApi, OpenApiError } from '../../ports/openapi.ts';

/** The caller of OpenAPIs; it comes with the SMS and voice channels. */
export const createOpenApi = (): OpenApi => ({
  call: () =>
    Promise.reject(new OpenApiError({ code: 'ENOCREDENTIALS', sent: 'no', message: 'there is no OpenAPI client yet' })),
});
