import type { FaultChoice, FaultPlan } from '../faults/fault-plan.ts';
import type { FaultPoints } from '../faults/fault-rules.ts';
import { faultSchemas } from '../faults/fault-schemas.ts';
import type { Server } from './create-server.ts';
import { HttpProblem } from './http-problem.ts';
import { NoQuery, withErrors } from './route-schemas.ts';

/** `GET` and `PUT /faults`: shows and changes the fault plan of a service. For its operator. */
export function addFaultsRoutes<Point extends string>(
  app: Server,
  options: { plan: FaultPlan<Point>; points: FaultPoints<Point>; presetNames: readonly string[] },
): void {
  const { plan } = options;
  const schemas = faultSchemas(options.points, options.presetNames);

  const currentState = () => {
    const state = plan.state();
    return { ...state, rules: [...state.rules] };
  };

  app.get(
    '/faults',
    { schema: { tags: ['operator'], querystring: NoQuery, response: withErrors({ 200: schemas.state }, [400, 503]) } },
    async (_request, reply) => reply.code(200).send(currentState()),
  );
  app.put(
    '/faults',
    {
      schema: {
        tags: ['operator'],
        querystring: NoQuery,
        body: schemas.choice,
        response: withErrors({ 200: schemas.state }, [400, 413, 415, 503]),
      },
    },
    async ({ body }, reply) => {
      plan.choose(choiceOf(body));
      return reply.code(200).send(currentState());
    },
  );
}

function choiceOf<Point extends string>(body: {
  seed: number;
  preset?: string;
  rules?: Extract<FaultChoice<Point>, { rules: unknown }>['rules'];
}): FaultChoice<Point> {
  if (body.rules !== undefined) return { seed: body.seed, rules: body.rules };
  if (body.preset !== undefined) return { seed: body.seed, preset: body.preset };
  throw new HttpProblem(400, 'INVALID_REQUEST', 'body must have preset or rules');
}
