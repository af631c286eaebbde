"""Marks and decisions as rows of a database; rubrics, marks and results as documents under their hashes.

Whatever is read back is verified. Needs SQLAlchemy; SQLite is enough.
"""

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, String, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

import dti_core as dti


class Base(DeclarativeBase):
    """The tables."""


class Exact(TypeDecorator[Decimal]):
    """A decimal as text: SQLite knows doubles only. On PostgreSQL ``Numeric`` does as well."""

    impl, cache_ok = String, True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Going in."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Coming out."""
        return None if value is None else Decimal(value)


class Unit(Base):
    """Who is assessed."""

    __tablename__ = "unit"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    marks: Mapped[list["Mark"]] = relationship(lazy="selectin")


class Mark(Base):
    """What a unit got on a leaf; null is missing."""

    __tablename__ = "mark"
    unit: Mapped[str] = mapped_column(ForeignKey(Unit.code), primary_key=True)
    leaf: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[Decimal | None] = mapped_column(Exact)


class Decided(Base):
    """A decision of the round on what does not count: an item of ``exclusions`` in a marks document."""

    __tablename__ = "decided"
    number: Mapped[int] = mapped_column(primary_key=True)
    exclusion: Mapped[dict[str, Any]] = mapped_column(JSON)


class Document(Base):
    """A rubric, a mark sheet or a result, never changed, under the hash of what it says."""

    __tablename__ = "document"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class Publication(Base):
    """Which result was published by which decision."""

    __tablename__ = "publication"
    number: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[str]
    result: Mapped[str] = mapped_column(ForeignKey(Document.sha256))


class Tampered(Exception):
    """What is in the database is not what was put there."""


def sheet(session: Session, rubric: dti.Rubric) -> dti.MarkSheet:
    """All rows as the marks document that they are, checked as any other."""
    units = session.scalars(select(Unit).order_by(Unit.code))
    decided = session.scalars(select(Decided).order_by(Decided.number))
    marks = {
        "schema": "dti-core/marks/1",
        "rubric": rubric.code,
        "rubric_sha256": dti.sha256(rubric),
        "stage": "appraised",
        "exclusions": [decision.exclusion for decision in decided],
        "units": [
            {
                "code": unit.code,
                "name": unit.name,
                "attributes": unit.attributes,
                "marks": {mark.leaf: mark.mark for mark in unit.marks},
            }
            for unit in units
        ],
    }
    return dti.load_marks(marks, rubric)


def keep(session: Session, thing: dti.Rubric | dti.MarkSheet | dti.Result) -> str:
    """Store a document, where it is not there yet; its hash."""
    sha256 = dti.sha256(thing)
    if session.get(Document, sha256) is None:
        text = json.dumps(dti.to_document(thing), ensure_ascii=False)
        session.add(Document(sha256=sha256, text=text))
    return sha256


def publish(session: Session, result: dti.Result, decision: str) -> Publication:
    """Store a result with the rubric and the marks that it was made from."""
    keep(session, result.rubric)
    keep(session, result.marks)
    made = Publication(decision=decision, result=keep(session, result))
    session.add(made)
    return made


def document(session: Session, sha256: str) -> bytes:
    """The document of a hash, as a file would hold it."""
    return session.get_one(Document, sha256).text.encode()


def read(session: Session, sha256: str) -> dti.Result:
    """A stored result, worked out again from the rubric and the marks that it names.

    Raises :class:`Tampered` where one of the three is not what was stored, or is no longer there.
    """
    try:
        published = dti.load_result(document(session, sha256))
        rubric = dti.load_rubric(document(session, published.rubric.sha256))
        marks = dti.load_marks(document(session, published.marks.sha256), rubric)
        dti.verify(published, rubric, marks)
    except (NoResultFound, dti.InvalidDocument) as error:
        raise Tampered(sha256) from error
    if dti.sha256(published) != sha256:
        raise Tampered(sha256)
    return dti.evaluate(rubric, marks)
