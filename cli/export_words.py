"""What exports and their records are called, by the name of the format."""

from __future__ import annotations

TITLES = {
    "google-forms": "Answers of a Google form",
    "microsoft-forms": "Answers of a Microsoft form",
    "surveymonkey": "Answers of a SurveyMonkey survey",
    "qualtrics": "Answers of a Qualtrics survey",
    "kobo": "Submissions of a KoboToolbox form",
    "limesurvey": "Answers of a LimeSurvey survey",
    "typeform": "Answers of a Typeform form",
    "alchemer": "Answers of an Alchemer (SurveyGizmo) survey",
    "interview-notes": "Notes of interviews",
    "interview-table": "A table of coded interviews",
    "zoom": "Attendance of a Zoom meeting",
    "teams": "Attendance of a Teams meeting",
    "meet": "Attendance of a Google Meet call",
    "ga4": "Pages in Google Analytics 4",
    "universal-analytics": "Pages in Universal Analytics (Google, until 2023)",
    "matomo": "Pages in Matomo",
    "discourse-users": "Users of a Discourse forum",
    "discourse-topics": "A Discourse query (Data Explorer)",
    "stackexchange-posts": "Posts of a Stack Exchange site",
    "github-discussions": "GitHub Discussions",
    "slack": "Members of a Slack workspace",
    "register": "A register of members",
    "plain": "A table of no known tool",
}
PAGES, PEOPLE = ("page", "pages"), ("person", "people")
RECORDS = {
    "zoom": ("connection", "connections"),
    "teams": PEOPLE,
    "meet": PEOPLE,
    "ga4": PAGES,
    "universal-analytics": PAGES,
    "matomo": PAGES,
    "discourse-users": ("account", "accounts"),
    "discourse-topics": ("row", "rows"),
    "stackexchange-posts": ("post", "posts"),
    "github-discussions": ("discussion", "discussions"),
    "slack": ("account", "accounts"),
    "register": ("row", "rows"),
    "interview-notes": ("interview", "interviews"),
    "interview-table": ("coded passage", "coded passages"),
    "plain": ("row", "rows"),
}
