"""The root of all pages: one line per counter."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("madoguchi.web.shared.urls")),
    path("desk/", include("madoguchi.web.desk.urls")),
    path("office/", include("madoguchi.web.office.urls")),
    path("portal/", include("madoguchi.web.portal.urls")),
    path("admin/", admin.site.urls),
]
