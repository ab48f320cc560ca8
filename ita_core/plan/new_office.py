"""PURE: the plan that an office without one begins with: another office's, with its people left blank."""

from ita_core.plan import editing
from ita_core.plan.content import Content, content_of
from ita_core.plan.following import NOBODY_YET
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Duties, Plan, StepDuties


def for_office(framework: Framework, plan: Plan, office: dict[str, str], *, bare: bool) -> Content:
    """The plan as another office's (`plan.Office` as plain values), nobody named in it, as values for `checked`.

    Posts and teams stay with what they do, without members; `bare` keeps what the framework demands and nothing else.
    Scores of earlier years and what the plan says about itself are the other office's, so they go.
    """
    update: dict[str, object] = {"about": "", "scores": ()}
    if bare:
        nobody = Duties(nobody=NOBODY_YET)
        update |= {
            "posts": {}, "teams": {}, "measures": {}, "items": {}, "phases": (),
            "duties": dict.fromkeys(framework.items, nobody),
            "steps": dict.fromkeys(framework.steps, StepDuties(nobody=NOBODY_YET)),
        }  # fmt: skip
    content = content_of(framework, plan.model_copy(update=update))
    content["plan"] |= {"plan": f"{office['code']}-{plan.fiscal_year}", "office": office}
    for key in plan.officers:
        editing.hand_over(content, key, "")
    if bare:
        editing.own_days_that_are(content)
    return content
