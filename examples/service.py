"""A round as a web service: moves come in as JSON, problems go out in Vietnamese, results are kept and verified.

``uvicorn --app-dir examples --factory service:made_up_service`` serves a made-up round from ``round.db``; /docs shows
what can be asked. Needs fastapi, sqlalchemy and uvicorn.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import made_up
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from posted import posted
from rounds import Round
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from store import Base, Publication, Tampered, keep, publish, read

import dti_core as dti
from dti_core.assessment import Assessments, to_marks

COUNCIL = "council"
app = FastAPI(title="Đợt đánh giá (giả định)")


def signed_in(x_user: Annotated[str, Header()]) -> str:
    """Who asks. The header stands in for the login of your service."""
    return x_user


def database(request: Request) -> Engine:
    """The database that the service was started with."""
    engine: Engine = request.app.state.engine
    return engine


Posted = Annotated[dict[str, Any], Depends(posted)]
User = Annotated[str, Depends(signed_in)]
Role = Literal["unit", "council"]
Database = Annotated[Engine, Depends(database)]


def now() -> str:
    """The time, as moves give it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@app.post("/units/{unit}/moves")
def move(unit: str, sent: Posted, user: User, engine: Database) -> dict[str, Any]:
    """Make a move of a unit. By whom and when is what the service knows, whatever was sent."""
    if user not in {COUNCIL, unit}:
        raise HTTPException(403)
    with Session(engine) as session, session.begin():
        stored = session.get_one(Round, 1)
        before = stored.load(session)
        role: Role = "council" if user == COUNCIL else "unit"
        moved = before[unit].step(sent, by=user, at=now(), role=role)
        stored.save(
            Assessments(before.cycle, [moved if each.unit == unit else each for each in before.units])
        )
    return {"unit": unit, "state": moved.state}


@app.post("/publications")
def publication(sent: Posted, user: User, engine: Database) -> dict[str, Any]:
    """Publish the appraised marks as they now are, by a decision; what was published before stays."""
    if user != COUNCIL:
        raise HTTPException(403)
    decision = dti.Decision(sent.get("number", ""))
    with Session(engine) as session, session.begin():
        stored = session.get_one(Round, 1)
        before = stored.load(session)
        line = {"move": "publish", "by": user, "at": now(), "decision": decision}
        units = [each if each.versions else each.step(line) for each in before.units]
        after = Assessments(before.cycle, units)
        stored.save(after)
        result = dti.evaluate(after.cycle.rubric, to_marks(after, "appraised"))
        made = publish(session, result, decision.number)
        session.flush()
        return {"number": made.number, "sha256": made.result}


@app.get("/publications/{number}/ranking")
def ranking(number: int, engine: Database, language: Literal["vi", "en"] = "vi") -> list[dict[str, Any]]:
    """The table that was published."""
    with Session(engine) as session:
        result = read(session, session.get_one(Publication, number).result)
    return result.ranking(language=language).rows


@app.get("/publications/{number}/units/{unit}")
def explanation(number: int, unit: str, engine: Database) -> dict[str, Any]:
    """How the total of a unit came about."""
    with Session(engine) as session:
        result = read(session, session.get_one(Publication, number).result)
    return dti.to_document(result.explain(unit))


@app.exception_handler(dti.InvalidDocument)
def refused(_: Request, error: dti.InvalidDocument) -> JSONResponse:
    """All that is wrong with what was sent: where, by which rule, and how to mend it."""
    problems = [
        {"path": problem.where, "rule": problem.rule, "message": problem.text("vi")}
        for problem in error.problems
    ]
    return JSONResponse({"what": str(error.what), "problems": problems}, 422)


@app.exception_handler(dti.UnknownCode)
@app.exception_handler(NoResultFound)
def unknown(_: Request, __: Exception) -> JSONResponse:
    """Say that there is no such unit or publication."""
    return JSONResponse({"detail": "không có"}, 404)


@app.exception_handler(StaleDataError)
def overtaken(_: Request, __: StaleDataError) -> JSONResponse:
    """Say that another move came first; whoever sent this one sends it again."""
    return JSONResponse({"detail": "vừa có thay đổi khác; hãy gửi lại"}, 409)


@app.exception_handler(Tampered)
def tampered(_: Request, __: Tampered) -> JSONResponse:
    """Show nothing that is not what was stored."""
    return JSONResponse({"detail": "dữ liệu đã lưu không khớp mã băm"}, 500)


def made_up_service(url: str = "sqlite:///round.db", units: int = made_up.UNITS) -> FastAPI:
    """The service, with a made-up round where the database holds none yet."""
    app.state.engine = create_engine(url)
    Base.metadata.create_all(app.state.engine)
    with Session(app.state.engine) as session, session.begin():
        if session.get(Round, 1) is None:
            rubric = dti.load_rubric(made_up.RUBRIC)
            opened = Round(number=1, rubric=keep(session, rubric))
            opened.save(made_up.opened(rubric, units))
            session.add(opened)
    return app
