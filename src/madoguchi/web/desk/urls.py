from __future__ import annotations

from django.urls import include, path

from madoguchi.web.desk import calls, orders, views

app_name = "desk"

of_call = [
    path("", calls.call, name="call"),
    path("order/", orders.order, name="order"),
    path("draft/", orders.draft, name="draft"),
    path("total/", orders.total, name="total"),
    path("receipt/", orders.receipt, name="receipt"),
]

urlpatterns = [
    path("", views.desk, name="desk"),
    path("stream/", views.stream, name="stream"),
    path("state/", views.state, name="state"),
    path("recent/", views.recent, name="recent"),
    path("addresses/", orders.addresses, name="addresses"),
    path("calls/<str:call_id>/", include(of_call)),
]
