import { commentRequest } from "#lib/domain/requests/comment.ts";
import { createRequest } from "#lib/domain/requests/create.ts";
import { discardRequest } from "#lib/domain/requests/discard.ts";
import { getRequest } from "#lib/domain/requests/get.ts";
import { listRequests } from "#lib/domain/requests/list.ts";
import { previewRequest } from "#lib/domain/requests/preview.ts";
import { reclassifyRequest } from "#lib/domain/requests/reclassify.ts";
import { reviewRequest } from "#lib/domain/requests/review.ts";
import { submitRequest } from "#lib/domain/requests/submit.ts";
import { updateRequest } from "#lib/domain/requests/update.ts";
import { withdrawRequest } from "#lib/domain/requests/withdraw.ts";

export const requestOperations = {
  "requests.list": listRequests,
  "requests.get": getRequest,
  "requests.preview": previewRequest,
  "requests.create": createRequest,
  "requests.update": updateRequest,
  "requests.discard": discardRequest,
  "requests.submit": submitRequest,
  "requests.withdraw": withdrawRequest,
  "requests.comment": commentRequest,
  "requests.review": reviewRequest,
  "requests.reclassify": reclassifyRequest,
};
