import django.db.models.deletion
import uuid
from django.db import migrations, models

from madoguchi.business.clients import rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calls', '0001_initial'),
        ('clients', '0001_initial'),
        ('knowledge', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='氏名')),
                ('kana', models.CharField(max_length=60, verbose_name='フリガナ')),
                ('phone', models.CharField(max_length=11, verbose_name='電話番号')),
                ('postal_code', models.CharField(max_length=7, verbose_name='郵便番号')),
                ('prefecture', models.CharField(max_length=4, verbose_name='都道府県')),
                ('city', models.CharField(max_length=100, verbose_name='市区町村')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='町名')),
                ('street', models.CharField(blank=True, max_length=100, verbose_name='番地')),
                ('building', models.CharField(blank=True, max_length=100, verbose_name='建物名・部屋番号')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='備考')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customers', to='clients.client', verbose_name='クライアント')),
            ],
            options={
                'verbose_name': 'お客様',
                'verbose_name_plural': 'お客様',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call_id', models.CharField(blank=True, max_length=150, verbose_name='通話')),
                ('data', models.JSONField(verbose_name='内容')),
                ('at', models.DateTimeField(verbose_name='保存日時')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='staff.agent', verbose_name='コミュニケーター')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clients.client', verbose_name='クライアント')),
            ],
            options={
                'verbose_name': '下書き',
                'verbose_name_plural': '下書き',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('name', models.CharField(max_length=60, verbose_name='氏名')),
                ('kana', models.CharField(max_length=60, verbose_name='フリガナ')),
                ('phone', models.CharField(max_length=11, verbose_name='電話番号')),
                ('postal_code', models.CharField(max_length=7, verbose_name='郵便番号')),
                ('prefecture', models.CharField(max_length=4, verbose_name='都道府県')),
                ('city', models.CharField(max_length=100, verbose_name='市区町村')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='町名')),
                ('street', models.CharField(blank=True, max_length=100, verbose_name='番地')),
                ('building', models.CharField(blank=True, max_length=100, verbose_name='建物名・部屋番号')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('taken_at', models.DateTimeField(verbose_name='受付日時')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='備考')),
                ('total_yen', models.PositiveBigIntegerField(verbose_name='合計(円・税込)')),
                ('read_back_at', models.DateTimeField(verbose_name='復唱確認日時')),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='calls.call', verbose_name='通話')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='clients.client', verbose_name='クライアント')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='intake.customer', verbose_name='お客様')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='clients.programme', verbose_name='業務')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='staff.agent', verbose_name='受付者')),
            ],
            options={
                'verbose_name': '受注',
                'verbose_name_plural': '受注',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='行')),
                ('product_code', models.CharField(max_length=40, verbose_name='商品コード')),
                ('product_name', models.CharField(max_length=120, verbose_name='商品名')),
                ('quantity', models.PositiveSmallIntegerField(verbose_name='数量')),
                ('unit_price_yen', models.PositiveIntegerField(verbose_name='単価(円・税込)')),
                ('tax_rate', models.PositiveSmallIntegerField(choices=[(8, '8%(軽減税率)'), (10, '10%')], verbose_name='税率')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client', verbose_name='クライアント')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='intake.order', verbose_name='受注')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='knowledge.product', verbose_name='商品')),
            ],
            options={
                'verbose_name': '受注明細',
                'verbose_name_plural': '受注明細',
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['client', 'phone'], name='customer_by_phone'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(fields=('id', 'client'), name='customer_with_client'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('phone__regex', '^0[0-9]{9,10}$')), name='customer_phone_digits'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('postal_code__regex', '^[0-9]{7}$')), name='customer_postal_code'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('agent', 'client', 'call_id'), name='draft_once_per_call'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['client', '-taken_at'], name='order_by_client_newest'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('id', 'client'), name='order_with_client'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('phone__regex', '^0[0-9]{9,10}$')), name='order_phone_digits'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('postal_code__regex', '^[0-9]{7}$')), name='order_postal_code'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('read_back_at__lte', models.F('taken_at'))), name='order_read_back_first'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='order_line_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 999)), name='order_line_quantity'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('tax_rate__in', [8, 10])), name='order_line_tax_rate'),
        ),
        migrations.RunSQL(rls.protect("intake_customer"), rls.unprotect("intake_customer")),
        migrations.RunSQL(rls.protect("intake_order"), rls.unprotect("intake_order")),
        migrations.RunSQL(rls.protect("intake_orderline"), rls.unprotect("intake_orderline")),
        migrations.RunSQL(rls.protect("intake_draft", portal=False), rls.unprotect("intake_draft")),
        migrations.RunSQL(*rls.same_client("intake_order", "programme_id", "clients_programme")),
        migrations.RunSQL(*rls.same_client("intake_order", "call_id", "calls_call")),
        migrations.RunSQL(*rls.same_client("intake_order", "customer_id", "intake_customer")),
        migrations.RunSQL(*rls.same_client("intake_orderline", "order_id", "intake_order")),
        migrations.RunSQL(*rls.same_client("intake_orderline", "product_id", "knowledge_product")),
    ]
