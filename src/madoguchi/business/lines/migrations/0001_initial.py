import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from madoguchi.business.clients import news, rls


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=11, unique=True, validators=[django.core.validators.RegexValidator('^0[0-9]{9,10}$')], verbose_name='電話番号')),
                ('label', models.CharField(blank=True, max_length=60, verbose_name='名称')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='clients.client', verbose_name='クライアント')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='clients.programme', verbose_name='業務')),
            ],
            options={
                'verbose_name': '着信番号',
                'verbose_name_plural': '着信番号',
                'constraints': [models.CheckConstraint(condition=models.Q(('number__regex', '^0[0-9]{9,10}$')), name='number_is_japanese_digits')],
            },
        ),
        migrations.RunSQL(rls.protect("lines_number"), rls.unprotect("lines_number")),
        migrations.RunSQL(*rls.same_client("lines_number", "programme_id", "clients_programme")),
        migrations.RunSQL(*news.tell("lines_number")),
    ]
