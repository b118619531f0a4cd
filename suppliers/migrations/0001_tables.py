"""All tables of suppliers: what stood in its migrations before they were made one."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import mptt.fields
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('suppliers', '0001_initial'),
        ('suppliers', '0002_catalogue_freight_interest_search'),
        ('suppliers', '0003_search_documents'),
        ('suppliers', '0004_retail'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        Together(
            operations=[
                migrations.CreateModel(
                    name='Category',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=20, verbose_name='名称')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='网址名')),
                        ('silhouette', models.CharField(blank=True, max_length=20, verbose_name='图形')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('lft', models.PositiveIntegerField(editable=False)),
                        ('rght', models.PositiveIntegerField(editable=False)),
                        ('tree_id', models.PositiveIntegerField(db_index=True, editable=False)),
                        ('level', models.PositiveIntegerField(editable=False)),
                        ('parent', mptt.fields.TreeForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='suppliers.category', verbose_name='上级分类')),
                        ('image', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='图片')),
                    ],
                    options={
                        'verbose_name': '分类',
                        'verbose_name_plural': '分类',
                    },
                ),
                migrations.CreateModel(
                    name='GiftPackTerms',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_at', models.DateTimeField(verbose_name='生效时间')),
                        ('price_fen', models.BigIntegerField(null=True, verbose_name='礼包价（分）')),
                        ('worst_case_fen', models.BigIntegerField(default=0, verbose_name='最高奖励（分）')),
                        ('cooling_off_days', models.PositiveSmallIntegerField(verbose_name='冷静期（天）')),
                        ('plan_version', models.PositiveIntegerField(null=True, verbose_name='规则版本')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': '礼包条款',
                        'verbose_name_plural': '礼包条款',
                        'indexes': [models.Index(fields=['-starts_at', '-id'], name='suppliers_giftpackterms_start')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('price_fen__isnull', True), ('price_fen__gt', 0), _connector='OR'), name='suppliers_giftpackterms_price_positive'), models.CheckConstraint(condition=models.Q(('worst_case_fen__gte', 0)), name='suppliers_giftpackterms_worst_case_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='Product',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='名称')),
                        ('subtitle', models.CharField(blank=True, max_length=80, verbose_name='副标题')),
                        ('slug', models.SlugField(max_length=60, unique=True, verbose_name='网址名')),
                        ('label', models.CharField(blank=True, max_length=6, verbose_name='标签字')),
                        ('silhouette', models.CharField(blank=True, max_length=20, verbose_name='图形')),
                        ('hue', models.PositiveSmallIntegerField(default=20, verbose_name='色相')),
                        ('origin', models.CharField(blank=True, max_length=40, verbose_name='产地')),
                        ('detail', models.JSONField(blank=True, default=list, verbose_name='详情')),
                        ('image', models.CharField(blank=True, max_length=200, verbose_name='主图')),
                        ('is_published', models.BooleanField(default=False, verbose_name='上架')),
                        ('sales_count', models.PositiveIntegerField(default=0, verbose_name='销量')),
                        ('position', models.PositiveIntegerField(default=0, verbose_name='排序')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('category', mptt.fields.TreeForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.category', verbose_name='分类')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.supplier', verbose_name='供应商')),
                        ('keywords', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='关键词')),
                        ('limit_per_member', models.PositiveIntegerField(blank=True, null=True, verbose_name='每人限购')),
                        ('limit_per_order', models.PositiveIntegerField(blank=True, null=True, verbose_name='每单限购')),
                        ('lowest_price_fen', models.BigIntegerField(editable=False, null=True, verbose_name='最低售价（分）')),
                        ('not_returnable_reason', models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='不支持的原因')),
                        ('promises', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('authentic', '正品溯源'), ('within_48', '48小时发货'), ('damage', '破损包赔'), ('fresh', '坏果包赔'), ('cold', '冷链配送'), ('handmade', '手工制作'), ('organic', '有机种植')], max_length=10), blank=True, db_default=[], default=list, size=None, verbose_name='服务承诺')),
                        ('returnable', models.BooleanField(db_default=True, default=True, verbose_name='支持 7 天无理由退货')),
                        ('ship_within_hours', models.PositiveSmallIntegerField(db_default=48, default=48, verbose_name='几小时内发货')),
                        ('spec_names', models.JSONField(blank=True, db_default=[], default=list, verbose_name='规格项')),
                        ('unit', models.CharField(db_default='件', default='件', max_length=4, verbose_name='销售单位')),
                        ('brand', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.brand', verbose_name='品牌')),
                        ('freight_template', models.ForeignKey(blank=True, help_text='不选则全国包邮', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='suppliers.freighttemplate', verbose_name='运费模板')),
                        ('commission_bps', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='店主卖出这件商品得到的佣金，按实付商品金额计；礼包没有零售佣金', verbose_name='零售佣金（万分之）')),
                    ],
                    options={
                        'verbose_name': '商品',
                        'verbose_name_plural': '商品',
                        'indexes': [models.Index(condition=models.Q(('is_published', True)), fields=['position', '-sales_count', 'id'], name='suppliers_product_shelf'), models.Index(condition=models.Q(('is_published', True)), fields=['-sales_count', '-id'], name='suppliers_product_sales'), models.Index(condition=models.Q(('is_published', True)), fields=['lowest_price_fen', 'id'], name='suppliers_product_price')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('hue__lt', 360)), name='suppliers_product_hue_below_360'), models.CheckConstraint(condition=models.Q(models.Q(('limit_per_order__isnull', True), ('limit_per_order__gt', 0), _connector='OR'), models.Q(('limit_per_member__isnull', True), ('limit_per_member__gt', 0), _connector='OR')), name='suppliers_product_limits_positive'), models.CheckConstraint(condition=models.Q(('returnable', True), models.Q(('not_returnable_reason', ''), _negated=True), _connector='OR'), name='suppliers_product_says_why_not_returnable'), models.CheckConstraint(condition=models.Q(('commission_bps__lte', 5000)), name='suppliers_product_commission_at_most_half')],
                    },
                ),
                migrations.CreateModel(
                    name='Sku',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=40, unique=True, verbose_name='编码')),
                        ('spec', models.CharField(max_length=40, verbose_name='规格')),
                        ('supply_price_fen', models.BigIntegerField(verbose_name='供货价（分）')),
                        ('list_price_fen', models.BigIntegerField(verbose_name='划线价（分）')),
                        ('sale_price_fen', models.BigIntegerField(blank=True, null=True, verbose_name='售价（分）')),
                        ('is_gift_pack', models.BooleanField(default=False, verbose_name='礼包')),
                        ('on_hand', models.PositiveIntegerField(default=0, editable=False, verbose_name='现有库存')),
                        ('reserved', models.PositiveIntegerField(default=0, editable=False, verbose_name='已占用')),
                        ('is_active', models.BooleanField(default=True, verbose_name='可售')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skus', to='suppliers.product', verbose_name='商品')),
                        ('barcode', models.CharField(blank=True, db_default='', default='', max_length=14, verbose_name='条形码')),
                        ('spec_values', models.JSONField(blank=True, db_default=[], default=list, verbose_name='规格值')),
                        ('weight_g', models.PositiveIntegerField(db_default=0, default=0, verbose_name='重量（克）')),
                    ],
                    options={
                        'verbose_name': '规格',
                        'verbose_name_plural': '规格',
                        'constraints': [models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='suppliers_sku_reserved_within_on_hand'), models.CheckConstraint(condition=models.Q(('reserved__gte', 0)), name='suppliers_sku_reserved_not_negative'), models.CheckConstraint(condition=models.Q(('supply_price_fen__gt', 0)), name='suppliers_sku_supply_price_positive'), models.CheckConstraint(condition=models.Q(('list_price_fen__gt', 0)), name='suppliers_sku_list_price_positive'), models.CheckConstraint(condition=models.Q(models.Q(('is_gift_pack', True), ('sale_price_fen__isnull', True)), models.Q(('is_gift_pack', False), ('sale_price_fen__gt', 0), ('sale_price_fen__isnull', False)), _connector='OR'), name='suppliers_sku_only_gift_packs_have_no_price')],
                    },
                ),
                migrations.CreateModel(
                    name='StockMovement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('received', '入库'), ('adjusted', '调整'), ('reserved', '占用'), ('released', '释放'), ('consumed', '出库'), ('returned', '退回')], max_length=10, verbose_name='类型')),
                        ('on_hand_delta', models.IntegerField(default=0, verbose_name='现有变化')),
                        ('reserved_delta', models.IntegerField(default=0, verbose_name='占用变化')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='原因')),
                        ('reference', models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='关联单号')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                        ('sku', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='suppliers.sku', verbose_name='规格')),
                    ],
                    options={
                        'verbose_name': '库存变动',
                        'verbose_name_plural': '库存变动',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference', 'kind', 'sku'), name='suppliers_stockmovement_once'), models.CheckConstraint(condition=models.Q(('on_hand_delta', 0), ('reserved_delta', 0), _negated=True), name='suppliers_stockmovement_moves_something')],
                    },
                ),
                migrations.CreateModel(
                    name='Supplier',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                        ('seal', models.CharField(max_length=1, verbose_name='印章字')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='网址名')),
                        ('hue', models.PositiveSmallIntegerField(default=20, verbose_name='色相')),
                        ('is_active', models.BooleanField(default=True, verbose_name='合作中')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': '供应商',
                        'verbose_name_plural': '供应商',
                        'constraints': [models.CheckConstraint(condition=models.Q(('hue__lt', 360)), name='suppliers_supplier_hue_below_360')],
                    },
                ),
                migrations.CreateModel(
                    name='SupplierUser',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='supplier_seat', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '供应商用户',
                        'verbose_name_plural': '供应商用户',
                    },
                ),
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
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='suppliers.product', verbose_name='商品')),
                    ],
                    options={
                        'verbose_name': '商品图片',
                        'verbose_name_plural': '商品图片',
                        'ordering': ['-kind', 'position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('path', ''), _negated=True), name='suppliers_productmedia_has_a_path'), models.CheckConstraint(condition=models.Q(('kind', 'image'), models.Q(('poster', ''), _negated=True), _connector='OR'), name='suppliers_productmedia_film_has_a_poster')],
                    },
                ),
                migrations.CreateModel(
                    name='ProductPair',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('bought', '一起买'), ('viewed', '一起看')], max_length=6, verbose_name='类型')),
                        ('people', models.PositiveIntegerField(verbose_name='人数')),
                        ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='suppliers.product', verbose_name='另一商品')),
                        ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='suppliers.product', verbose_name='商品')),
                    ],
                    options={
                        'verbose_name': '商品关联',
                        'verbose_name_plural': '商品关联',
                        'constraints': [models.UniqueConstraint(fields=('product', 'kind', 'other'), name='suppliers_productpair_once'), models.CheckConstraint(condition=models.Q(('product', models.F('other')), _negated=True), name='suppliers_productpair_of_two')],
                    },
                ),
                migrations.CreateModel(
                    name='ProductView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('visitor_hash', models.CharField(blank=True, default='', max_length=64, verbose_name='访客')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='product_views', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='views', to='suppliers.product', verbose_name='商品')),
                    ],
                    options={
                        'verbose_name': '浏览',
                        'verbose_name_plural': '浏览',
                        'indexes': [models.Index(fields=['member', '-at'], name='suppliers_productview_latest'), models.Index(fields=['date'], name='suppliers_productview_day')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'product', 'date'), name='suppliers_productview_member_once_a_day'), models.UniqueConstraint(condition=models.Q(('visitor_hash', ''), _negated=True), fields=('visitor_hash', 'product', 'date'), name='suppliers_productview_visitor_once_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('visitor_hash', '')), models.Q(('member__isnull', True), models.Q(('visitor_hash', ''), _negated=True)), _connector='OR'), name='suppliers_productview_of_a_member_or_a_visitor')],
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
                        ('product', models.ForeignKey(blank=True, help_text='不选则为全店资质', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='suppliers.product', verbose_name='商品')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='qualifications', to='suppliers.supplier', verbose_name='供应商')),
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
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vector'], name='suppliers_search_vector'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pinyin'], name='suppliers_search_pinyin', opclasses=['gin_trgm_ops'])],
                    },
                ),
                migrations.CreateModel(
                    name='SearchHistory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('word', models.CharField(max_length=20, verbose_name='词')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='searches', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '搜索历史',
                        'verbose_name_plural': '搜索历史',
                        'constraints': [models.UniqueConstraint(fields=('member', 'word'), name='suppliers_searchhistory_once')],
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
                        'indexes': [models.Index(fields=['pinyin'], name='suppliers_term_pinyin', opclasses=['text_pattern_ops']), models.Index(fields=['initials'], name='suppliers_term_initials', opclasses=['text_pattern_ops']), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['pinyin'], name='suppliers_term_typos', opclasses=['gin_trgm_ops'])],
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
                        'indexes': [models.Index(condition=models.Q(('is_blocked', False)), fields=['-heat', 'word'], name='suppliers_searchword_hot')],
                    },
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
                        'constraints': [models.UniqueConstraint(condition=models.Q(('notified_at__isnull', True)), fields=('sku', 'member'), name='suppliers_arrivalnotice_waits_once')],
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
                        'constraints': [models.UniqueConstraint(fields=('product', 'member'), name='suppliers_favourite_once')],
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
                        'constraints': [models.UniqueConstraint(fields=('supplier', 'name'), name='suppliers_freighttemplate_name_once'), models.CheckConstraint(condition=models.Q(('first_unit__gt', 0), ('step_unit__gt', 0)), name='suppliers_freighttemplate_units_positive'), models.CheckConstraint(condition=models.Q(('first_fee_fen__gte', 0), ('step_fee_fen__gte', 0)), name='suppliers_freighttemplate_fees_not_negative'), models.CheckConstraint(condition=models.Q(('free_above_fen__isnull', True), ('free_above_fen__gt', 0), _connector='OR'), name='suppliers_freighttemplate_free_above_positive')],
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
                        'constraints': [models.CheckConstraint(condition=models.Q(('first_unit__gt', 0), ('step_unit__gt', 0)), name='suppliers_freightrule_units_positive'), models.CheckConstraint(condition=models.Q(('first_fee_fen__gte', 0), ('step_fee_fen__gte', 0)), name='suppliers_freightrule_fees_not_negative')],
                    },
                ),
            ],
        ),
    ]
