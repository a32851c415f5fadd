import django.db.models.deletion
from django.db import migrations, models

from madoguchi.business.clients import rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='商品コード')),
                ('name', models.CharField(max_length=120, verbose_name='商品名')),
                ('unit_price_yen', models.PositiveIntegerField(verbose_name='単価(円・税込)')),
                ('tax_rate', models.PositiveSmallIntegerField(choices=[(8, '8%(軽減税率)'), (10, '10%')], default=10, verbose_name='税率')),
                ('is_active', models.BooleanField(default=True, verbose_name='販売中')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='clients.client', verbose_name='クライアント')),
            ],
            options={
                'verbose_name': '商品',
                'verbose_name_plural': '商品',
                'constraints': [models.UniqueConstraint(fields=('client', 'code'), name='product_code_once_per_client', violation_error_message='このクライアントには同じ商品コードの商品がすでにあります。'), models.UniqueConstraint(fields=('id', 'client'), name='product_with_client'), models.CheckConstraint(condition=models.Q(('tax_rate__in', [8, 10])), name='product_tax_rate_known')],
            },
        ),
        migrations.RunSQL(rls.protect("knowledge_product"), rls.unprotect("knowledge_product")),
    ]
