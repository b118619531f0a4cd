"""Brands, specs, media, qualifications, freight, interest and search; what is sold already is given its part."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# Every SKU of a product so far differed along one axis.
SPECS = """
UPDATE suppliers_sku SET spec_values = jsonb_build_array(spec);
UPDATE suppliers_product product SET spec_names = jsonb_build_array('规格'), lowest_price_fen = (
    SELECT min(sale_price_fen) FROM suppliers_sku sku WHERE sku.product_id = product.id AND sku.is_active
);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Built into PostgreSQL and trusted: the owner of a database may create it.
        TrigramExtension(),
        migrations.CreateModel(
            name='ProductMedia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('image', '图片'), ('video', '视频')], default='image', max_length=5, verbose_name='类型')),
                ('path', models.CharField(max_length=200, verbose_name='文件')),
                ('poster', models.CharField(blank=True, default='', max_length=200, verbose_name='视频封面')),
                ('alt', models.CharField(blank=True, default='', max_length=60, verbose_name='画面说明')),
                ('width', models.PositiveSmallIntegerField(default=750, verbose_name='宽')),
                ('height', models.PositiveSmallIntegerField(default=750, verbose_name='高')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
            ],
            options={
                'verbose_name': '商品图片',
                'verbose_name_plural': '商品图片',
                'ordering': ['-kind', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProductPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bought', '一起买'), ('viewed', '一起看')], max_length=6, verbose_name='类型')),
                ('people', models.PositiveIntegerField(verbose_name='人数')),
            ],
            options={
                'verbose_name': '商品关联',
                'verbose_name_plural': '商品关联',
            },
        ),
        migrations.CreateModel(
            name='ProductView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visitor_hash', models.CharField(blank=True, default='', max_length=64, verbose_name='访客')),
                ('date', models.DateField(verbose_name='日期')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '浏览',
                'verbose_name_plural': '浏览',
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('business', '营业执照'), ('food', '食品经营许可证'), ('production', '生产许可证'), ('trademark', '商标注册证'), ('origin', '产地证明'), ('inspection', '检验报告'), ('organic', '有机认证')], max_length=10, verbose_name='类型')),
                ('title', models.CharField(max_length=40, verbose_name='名称')),
                ('number', models.CharField(blank=True, default='', max_length=40, verbose_name='编号')),
                ('picture', models.CharField(blank=True, default='', max_length=200, verbose_name='图片')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': '资质',
                'verbose_name_plural': '资质',
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='suppliers.product', verbose_name='商品')),
                ('vector', django.contrib.postgres.search.SearchVectorField(verbose_name='词')),
                ('pinyin', models.TextField(verbose_name='拼音')),
                ('initials', models.TextField(verbose_name='拼音首字母')),
            ],
            options={
                'verbose_name': '搜索文档',
                'verbose_name_plural': '搜索文档',
            },
        ),
        migrations.CreateModel(
            name='SearchHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=20, verbose_name='词')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '搜索历史',
                'verbose_name_plural': '搜索历史',
            },
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('word', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='词')),
                ('pinyin', models.CharField(max_length=120, verbose_name='拼音')),
                ('initials', models.CharField(max_length=20, verbose_name='拼音首字母')),
                ('products', models.PositiveIntegerField(default=0, verbose_name='商品数')),
            ],
            options={
                'verbose_name': '搜索词',
                'verbose_name_plural': '搜索词',
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='词')),
                ('heat', models.PositiveIntegerField(default=0, verbose_name='热度')),
                ('searches', models.PositiveIntegerField(default=0, verbose_name='搜索次数')),
                ('is_blocked', models.BooleanField(default=False, verbose_name='屏蔽')),
                ('searched_at', models.DateTimeField(verbose_name='最近搜索')),
            ],
            options={
                'verbose_name': '热搜词',
                'verbose_name_plural': '热搜词',
            },
        ),
        migrations.AddField(
            model_name='product',
            name='keywords',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='关键词'),
        ),
        migrations.AddField(
            model_name='product',
            name='limit_per_member',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='每人限购'),
        ),
        migrations.AddField(
            model_name='product',
            name='limit_per_order',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='每单限购'),
        ),
        migrations.AddField(
            model_name='product',
            name='lowest_price_fen',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='最低售价（分）'),
        ),
        migrations.AddField(
            model_name='product',
            name='not_returnable_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='不支持的原因'),
        ),
        migrations.AddField(
            model_name='product',
            name='promises',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('authentic', '正品溯源'), ('within_48', '48小时发货'), ('damage', '破损包赔'), ('fresh', '坏果包赔'), ('cold', '冷链配送'), ('handmade', '手工制作'), ('organic', '有机种植')], max_length=10), blank=True, db_default=[], default=list, size=None, verbose_name='服务承诺'),
        ),
        migrations.AddField(
            model_name='product',
            name='returnable',
            field=models.BooleanField(db_default=True, default=True, verbose_name='支持 7 天无理由退货'),
        ),
        migrations.AddField(
            model_name='product',
            name='ship_within_hours',
            field=models.PositiveSmallIntegerField(db_default=48, default=48, verbose_name='几小时内发货'),
        ),
        migrations.AddField(
            model_name='product',
            name='spec_names',
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='规格项'),
        ),
        migrations.AddField(
            model_name='product',
            name='unit',
            field=models.CharField(db_default='件', default='件', max_length=4, verbose_name='销售单位'),
        ),
        migrations.AddField(
            model_name='sku',
            name='barcode',
            field=models.CharField(blank=True, db_default='', default='', max_length=14, verbose_name='条形码'),
        ),
        migrations.AddField(
            model_name='sku',
            name='spec_values',
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='规格值'),
        ),
        migrations.AddField(
            model_name='sku',
            name='weight_g',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='重量（克）'),
        ),
        migrations.CreateModel(
            name='ArrivalNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='登记时间')),
                ('notified_at', models.DateTimeField(null=True, verbose_name='通知时间')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrival_notices', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='arrival_notices', to='suppliers.sku', verbose_name='规格')),
            ],
            options={
                'verbose_name': '到货提醒',
                'verbose_name_plural': '到货提醒',
            },
        ),
        migrations.CreateModel(
            name='Brand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, unique=True, verbose_name='名称')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='网址名')),
                ('seal', models.CharField(max_length=1, verbose_name='印章字')),
                ('story', models.CharField(blank=True, default='', max_length=400, verbose_name='品牌故事')),
                ('hue', models.PositiveSmallIntegerField(default=20, verbose_name='色相')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': '品牌',
                'verbose_name_plural': '品牌',
                'constraints': [models.CheckConstraint(condition=models.Q(('hue__lt', 360)), name='suppliers_brand_hue_below_360')],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='brand',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.brand', verbose_name='品牌'),
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price_fen', models.BigIntegerField(null=True, verbose_name='收藏时价格（分）')),
                ('added_at', models.DateTimeField(verbose_name='收藏时间')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to='suppliers.product', verbose_name='商品')),
            ],
            options={
                'verbose_name': '收藏',
                'verbose_name_plural': '收藏',
            },
        ),
        migrations.CreateModel(
            name='FreightTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='名称')),
                ('charged_by', models.CharField(choices=[('piece', '按件'), ('weight', '按重量')], default='piece', max_length=6, verbose_name='计费方式')),
                ('first_unit', models.PositiveIntegerField(default=1, verbose_name='首件（件）或首重（克）')),
                ('first_fee_fen', models.BigIntegerField(verbose_name='首费（分）')),
                ('step_unit', models.PositiveIntegerField(default=1, verbose_name='续件（件）或续重（克）')),
                ('step_fee_fen', models.BigIntegerField(verbose_name='续费（分）')),
                ('free_above_fen', models.BigIntegerField(blank=True, null=True, verbose_name='满额包邮（分）')),
                ('unserved', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('北京', '北京'), ('天津', '天津'), ('河北', '河北'), ('山西', '山西'), ('内蒙古', '内蒙古'), ('辽宁', '辽宁'), ('吉林', '吉林'), ('黑龙江', '黑龙江'), ('上海', '上海'), ('江苏', '江苏'), ('浙江', '浙江'), ('安徽', '安徽'), ('福建', '福建'), ('江西', '江西'), ('山东', '山东'), ('河南', '河南'), ('湖北', '湖北'), ('湖南', '湖南'), ('广东', '广东'), ('广西', '广西'), ('海南', '海南'), ('重庆', '重庆'), ('四川', '四川'), ('贵州', '贵州'), ('云南', '云南'), ('西藏', '西藏'), ('陕西', '陕西'), ('甘肃', '甘肃'), ('青海', '青海'), ('宁夏', '宁夏'), ('新疆', '新疆'), ('台湾', '台湾'), ('香港', '香港'), ('澳门', '澳门')], max_length=3), blank=True, default=list, size=None, verbose_name='不配送地区')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='freight_templates', to='suppliers.supplier', verbose_name='供应商')),
            ],
            options={
                'verbose_name': '运费模板',
                'verbose_name_plural': '运费模板',
            },
        ),
        migrations.CreateModel(
            name='FreightRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provinces', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('北京', '北京'), ('天津', '天津'), ('河北', '河北'), ('山西', '山西'), ('内蒙古', '内蒙古'), ('辽宁', '辽宁'), ('吉林', '吉林'), ('黑龙江', '黑龙江'), ('上海', '上海'), ('江苏', '江苏'), ('浙江', '浙江'), ('安徽', '安徽'), ('福建', '福建'), ('江西', '江西'), ('山东', '山东'), ('河南', '河南'), ('湖北', '湖北'), ('湖南', '湖南'), ('广东', '广东'), ('广西', '广西'), ('海南', '海南'), ('重庆', '重庆'), ('四川', '四川'), ('贵州', '贵州'), ('云南', '云南'), ('西藏', '西藏'), ('陕西', '陕西'), ('甘肃', '甘肃'), ('青海', '青海'), ('宁夏', '宁夏'), ('新疆', '新疆'), ('台湾', '台湾'), ('香港', '香港'), ('澳门', '澳门')], max_length=3), blank=True, default=list, size=None, verbose_name='地区')),
                ('first_unit', models.PositiveIntegerField(default=1, verbose_name='首件（件）或首重（克）')),
                ('first_fee_fen', models.BigIntegerField(verbose_name='首费（分）')),
                ('step_unit', models.PositiveIntegerField(default=1, verbose_name='续件（件）或续重（克）')),
                ('step_fee_fen', models.BigIntegerField(verbose_name='续费（分）')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='suppliers.freighttemplate', verbose_name='运费模板')),
            ],
            options={
                'verbose_name': '地区运费',
                'verbose_name_plural': '地区运费',
            },
        ),
        migrations.AddField(
            model_name='product',
            name='freight_template',
            field=models.ForeignKey(blank=True, help_text='不选则全国包邮', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.freighttemplate', verbose_name='运费模板'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('is_published', True)), fields=['-sales_count', '-id'], name='suppliers_product_sales'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('is_published', True)), fields=['lowest_price_fen', 'id'], name='suppliers_product_price'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('limit_per_order__isnull', True), ('limit_per_order__gt', 0), _connector='OR'), models.Q(('limit_per_member__isnull', True), ('limit_per_member__gt', 0), _connector='OR')), name='suppliers_product_limits_positive'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('returnable', True), models.Q(('not_returnable_reason', ''), _negated=True), _connector='OR'), name='suppliers_product_says_why_not_returnable'),
        ),
        migrations.AddField(
            model_name='productmedia',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='suppliers.product', verbose_name='商品'),
        ),
        migrations.AddField(
            model_name='productpair',
            name='other',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.product', verbose_name='另一商品'),
        ),
        migrations.AddField(
            model_name='productpair',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='suppliers.product', verbose_name='商品'),
        ),
        migrations.AddField(
            model_name='productview',
            name='member',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='product_views', to=settings.AUTH_USER_MODEL, verbose_name='会员'),
        ),
        migrations.AddField(
            model_name='productview',
            name='product',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='views', to='suppliers.product', verbose_name='商品'),
        ),
        migrations.AddField(
            model_name='qualification',
            name='product',
            field=models.ForeignKey(blank=True, help_text='不选则为全店资质', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='suppliers.product', verbose_name='商品'),
        ),
        migrations.AddField(
            model_name='qualification',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='suppliers.supplier', verbose_name='供应商'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='suppliers_search_vector'),
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pinyin'], name='suppliers_search_pinyin', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddField(
            model_name='searchhistory',
            name='member',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='searches', to=settings.AUTH_USER_MODEL, verbose_name='会员'),
        ),
        migrations.AddIndex(
            model_name='searchterm',
            index=models.Index(fields=['pinyin'], name='suppliers_term_pinyin', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='searchterm',
            index=models.Index(fields=['initials'], name='suppliers_term_initials', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='searchterm',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pinyin'], name='suppliers_term_typos', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='searchword',
            index=models.Index(condition=models.Q(('is_blocked', False)), fields=['-heat', 'word'], name='suppliers_searchword_hot'),
        ),
        migrations.AddConstraint(
            model_name='arrivalnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('notified_at__isnull', True)), fields=('sku', 'member'), name='suppliers_arrivalnotice_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='favourite',
            constraint=models.UniqueConstraint(fields=('product', 'member'), name='suppliers_favourite_once'),
        ),
        migrations.AddConstraint(
            model_name='freighttemplate',
            constraint=models.UniqueConstraint(fields=('supplier', 'name'), name='suppliers_freighttemplate_name_once'),
        ),
        migrations.AddConstraint(
            model_name='freighttemplate',
            constraint=models.CheckConstraint(condition=models.Q(('first_unit__gt', 0), ('step_unit__gt', 0)), name='suppliers_freighttemplate_units_positive'),
        ),
        migrations.AddConstraint(
            model_name='freighttemplate',
            constraint=models.CheckConstraint(condition=models.Q(('first_fee_fen__gte', 0), ('step_fee_fen__gte', 0)), name='suppliers_freighttemplate_fees_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='freighttemplate',
            constraint=models.CheckConstraint(condition=models.Q(('free_above_fen__isnull', True), ('free_above_fen__gt', 0), _connector='OR'), name='suppliers_freighttemplate_free_above_positive'),
        ),
        migrations.AddConstraint(
            model_name='freightrule',
            constraint=models.CheckConstraint(condition=models.Q(('first_unit__gt', 0), ('step_unit__gt', 0)), name='suppliers_freightrule_units_positive'),
        ),
        migrations.AddConstraint(
            model_name='freightrule',
            constraint=models.CheckConstraint(condition=models.Q(('first_fee_fen__gte', 0), ('step_fee_fen__gte', 0)), name='suppliers_freightrule_fees_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='productmedia',
            constraint=models.CheckConstraint(condition=models.Q(('path', ''), _negated=True), name='suppliers_productmedia_has_a_path'),
        ),
        migrations.AddConstraint(
            model_name='productmedia',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'image'), models.Q(('poster', ''), _negated=True), _connector='OR'), name='suppliers_productmedia_film_has_a_poster'),
        ),
        migrations.AddConstraint(
            model_name='productpair',
            constraint=models.UniqueConstraint(fields=('product', 'kind', 'other'), name='suppliers_productpair_once'),
        ),
        migrations.AddConstraint(
            model_name='productpair',
            constraint=models.CheckConstraint(condition=models.Q(('product', models.F('other')), _negated=True), name='suppliers_productpair_of_two'),
        ),
        migrations.AddIndex(
            model_name='productview',
            index=models.Index(fields=['member', '-at'], name='suppliers_productview_latest'),
        ),
        migrations.AddIndex(
            model_name='productview',
            index=models.Index(fields=['date'], name='suppliers_productview_day'),
        ),
        migrations.AddConstraint(
            model_name='productview',
            constraint=models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'product', 'date'), name='suppliers_productview_member_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='productview',
            constraint=models.UniqueConstraint(condition=models.Q(('visitor_hash', ''), _negated=True), fields=('visitor_hash', 'product', 'date'), name='suppliers_productview_visitor_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='productview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('visitor_hash', '')), models.Q(('member__isnull', True), models.Q(('visitor_hash', ''), _negated=True)), _connector='OR'), name='suppliers_productview_of_a_member_or_a_visitor'),
        ),
        migrations.AddConstraint(
            model_name='searchhistory',
            constraint=models.UniqueConstraint(fields=('member', 'word'), name='suppliers_searchhistory_once'),
        ),
        migrations.AddField(
            model_name='category',
            name='image',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='图片'),
        ),
        migrations.RunSQL(SPECS, migrations.RunSQL.noop),
    ]
