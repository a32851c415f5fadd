from __future__ import annotations

from django.urls import path

from madoguchi.web.portal import calls, deliveries, landing, orders

app_name = "portal"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export/<slug:kind>/", orders.export, name="export"),
    path("orders/<uuid:order_id>/", orders.order, name="order"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("calls/", calls.calls, name="calls"),
]
